"""An old journal: the home in which one is made (scene.py, house.py, rules.py, clients.py, act.py), its files
(segments.py), what a hub shows of it (shown.py), and how that is held against what was noted (compared.py).
"""
