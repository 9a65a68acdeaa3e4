select
    max(dates.full_date) as latest_data_date,
    datediff(cast('2025-01-01' as date), max(dates.full_date)) as days_old
from `retail`.`fact_sales` as sales
inner join `retail`.`dim_date` as dates on sales.date_key = dates.date_key
