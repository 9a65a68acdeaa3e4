{% snapshot kept %}{{ config(unique_key=['n', 'text'], strategy='check', check_cols='all', hard_deletes='new_record', target_schema='extra') }}select * from {{ ref('numbers') }}{% endsnapshot %}
{% snapshot kept_too %}{{ config(unique_key='id', strategy='timestamp', updated_at='at') }}select * from {{ ref('first') }}{% endsnapshot %}
