"""
Door: how people come in and go out of a service, the same for the portal and the sample service.

Owns the way to the broker and back, the cookies, the page that says why a login ended, the idle
limit and the logout. Never knows what stands behind the door: each service says which claims it
keeps and where people arrive.
"""
