{% macro note(text) %}insert into steps select coalesce(max(n), 0) + 1, '{{ text }}' from steps{% endmacro %}
