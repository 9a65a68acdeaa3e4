{% snapshot first_time %}
{{ config(unique_key=['id', 'v'], strategy='check', check_cols='all', target_schema='history') }}
select 1 as id, 2 as v union all select 1, 2
{% endsnapshot %}
