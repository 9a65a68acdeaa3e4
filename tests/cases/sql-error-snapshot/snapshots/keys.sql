{% snapshot wrong_key %}
{{ config(unique_key='idd', strategy='check', check_cols='all') }}
select 1 as id, now() as updated_at
{% endsnapshot %}
