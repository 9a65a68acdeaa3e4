{#
  The highest key ever given in this table, or `floor` where there is none yet: new rows count on from here,
  so that a key is never given twice. Rows are never deleted from the tables that use it.
#}
{% macro highest_key(column, floor=0) %}
    {%- if is_incremental() -%}
        (select coalesce(max({{ column }}), {{ floor }}) from {{ this }} where {{ column }} > {{ floor }})
    {%- else -%}
        {{ floor }}
    {%- endif -%}
{% endmacro %}
