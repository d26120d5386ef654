"""x"""
def test_a(portal):
    """x."""
    r=portal.get("/")
    print(r.text)
    r=portal.sign_in()
    print(r.headers)
    r=portal.get("/mon-compte"); print(r.status_code, r.text)
def test_b(sample):
    """x."""
    r=sample.sign_in()
    print(r.headers)
    r=sample.get("/espace"); print(r.status_code, r.text)
    assert 0
