select
    max(dates.full_date) as latest_data_date,
    datediff(cast('2026-11-26' as date), max(dates.full_date)) as days_old
from `retail`.`fact_sales` as sales
inner join `retail`.`dim_date` as dates on sales.date_key = dates.date_key
