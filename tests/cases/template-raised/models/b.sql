select 1 as id {{ need(1) }}
