select '{{ "x" | uper }}' as x
