select {{ 1
