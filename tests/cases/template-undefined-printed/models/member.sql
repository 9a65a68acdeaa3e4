select '{{ target.nam }}' as a, '{{ {"a": 1}["b"] }}' as b
