{{ config(meta={'most': 12345678901234567891}) }}
select
    {{ var('big') }} as big,
    {{ var('big') + 1 }} as next,
    {{ var('list')[0] }} as listed,
    '{{ var("list")[1].deep }}' as deep,
    {{ var('given', 0) }} as given,
    {{ fromyaml('k: 9007199254740993').k }} as of_text
