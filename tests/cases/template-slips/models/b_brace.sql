select {{ 1 }
