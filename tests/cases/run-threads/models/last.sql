select {% for i in range(5) %}(select count(*) from {{ ref('l2_' ~ i) }}) + {% endfor %} 1 as n
