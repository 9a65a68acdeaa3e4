{% snapshot wrong_updated_at %}
{{ config(unique_key='id', strategy='timestamp', updated_at='changed') }}
select 1 as id, now() as updated_at
{% endsnapshot %}
