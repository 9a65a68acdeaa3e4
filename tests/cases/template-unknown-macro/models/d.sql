select '{{ "x".uppr() }}' as x
