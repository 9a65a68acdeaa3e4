select '{{ var("x") }}' as x, '{{ var("y") }}' as y, '{{ var("w") }}' as w, '{{ var("l")[0] | replace("{", "(") | replace("}", ")") }}' as l, '{{ var("cli", "unset") }}' as cli
