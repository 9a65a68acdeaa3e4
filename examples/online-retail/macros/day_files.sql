{#
  A condition on the source's `filename`: day files up to the variable `until`, without those whose names are in `loaded`.
  It is made of literals, so that DuckDB leaves out the other files before it opens any.
#}
{% macro day_files(loaded=[]) %}
    {%- set conditions = [] -%}
    {%- if var('until', none) -%}
        {%- do conditions.append("left(parse_filename(filename), 10) <= '" ~ var('until') ~ "'") -%}
    {%- endif -%}
    {%- if loaded -%}
        {%- do conditions.append("parse_filename(filename) not in ('" ~ loaded | join("', '") ~ "')") -%}
    {%- endif -%}
    {{- conditions | join(' and ') if conditions else 'true' -}}
{% endmacro %}

{# Names of the files that `relation` has rows of, or nothing where it has not been built yet. #}
{% macro loaded_files() %}
    {%- if not is_incremental() -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set files = run_query('select distinct source_file from ' ~ this ~ ' order by source_file') -%}
    {{- return(files.columns[0].values() | list) -}}
{% endmacro %}
