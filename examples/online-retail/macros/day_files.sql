{#
  A condition on the source's `filename`: day files up to the variable `until`, without those whose names are in `loaded`.
  It is made of literals, so that DuckDB leaves out the other files before it opens any.
#}
{% macro day_files(loaded=[]) %}
    {%- set conditions = ["regexp_full_match(parse_filename(filename), '\d{4}-\d{2}-\d{2}\.csv(\.gz)?')"] -%}
    {%- if var('until', none) is not none -%}
        {%- do conditions.append("left(parse_filename(filename), 10) <= '" ~ day_of(var('until')) ~ "'") -%}
    {%- endif -%}
    {%- if loaded -%}
        {%- do conditions.append("parse_filename(filename) not in ('" ~ loaded | join("', '") ~ "')") -%}
    {%- endif -%}
    {{- conditions | join(' and ') -}}
{% endmacro %}

{# The day that `until` says, as YYYY-MM-DD. #}
{% macro day_of(until) %}
    {%- if modules.re.match('\d{4}-\d{1,2}-\d{1,2}$', until | string) is none -%}
        {{- exceptions.raise_compiler_error("The variable until must be a day such as 2010-12-31, not '" ~ until ~ "'.") -}}
    {%- endif -%}
    {{- return(modules.datetime.datetime.strptime(until | string, '%Y-%m-%d').strftime('%Y-%m-%d')) -}}
{% endmacro %}

{# Names of the files that `relation` has rows of, or nothing where it has not been built yet. #}
{% macro loaded_files() %}
    {%- if not is_incremental() -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set files = run_query('select distinct source_file from ' ~ this ~ ' order by source_file') -%}
    {{- return(files.columns[0].values() | list) -}}
{% endmacro %}
