{# What the first version of everything is valid from. #}
{% macro beginning_of_time() %}
    {{- cast("'1900-01-01'", 'date') -}}
{% endmacro %}

{# Until when what has no end is valid. A comparison with it is one that engines join by; with `or … is null` some compare every pair. #}
{% macro end_of_time() %}
    {{- cast("'9999-12-31'", 'date') -}}
{% endmacro %}

{# Whether two rows differ in one of these columns; null is a value like any other. #}
{% macro differs(a, b, columns) %}
    {%- for column in columns -%}
        {{ a }}.{{ column }} <> {{ b }}.{{ column }}
                or ({{ a }}.{{ column }} is null and {{ b }}.{{ column }} is not null)
                or ({{ a }}.{{ column }} is not null and {{ b }}.{{ column }} is null)
        {%- if not loop.last %}
                or {% endif -%}
    {%- endfor -%}
{% endmacro %}
