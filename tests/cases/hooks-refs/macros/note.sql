{% macro note(name) %}insert into {{ ref('z_log') }} values ('{{ name }}'){% endmacro %}
