select * from {{ source('raws', 'orders') }}
