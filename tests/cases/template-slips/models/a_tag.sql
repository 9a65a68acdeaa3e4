{% for i in [1, 2] %}select {{ i }}{% endfro %}
