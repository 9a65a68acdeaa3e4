select * from {{ ref('after_bad') }} join {{ ref('after_numbers') }} using (id)
