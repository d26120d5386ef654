"""
Relying party demonstration: two services that send people to the broker and read its answer.

The portal of the health insurer (`portal/`) and a private sample service (`sample/`) share an
honest client of the broker (`openid/`), the sessions of signed-in people (`sessions/`) and the
frame of every page (`pages/`). Imports no other room: it speaks HTTP to the broker, as any
service would, and takes no decision that belongs to the insurer.
"""
