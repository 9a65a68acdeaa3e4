{% snapshot kept %}
{{ config(unique_key='id', strategy='check', check_cols=['v'], updated_at='d', hard_deletes='new_record') }}
select * from {{ ref('src') }}
{% endsnapshot %}
