"""
Pages: what every page of the two services shares, whatever it says.

Owns the language of a request, the static files, the colours, the headers that protect a page,
the frame around it and the page of a fault. Never knows who is signed in or what a page means.
"""
