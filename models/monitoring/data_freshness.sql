select
    max(dates.full_date) as latest_data_date,
    {{ datediff('max(dates.full_date)', cast("'" ~ run_started_at.strftime('%Y-%m-%d') ~ "'", 'date'), 'day') }} as days_old
from {{ ref('fact_sales') }} as sales
inner join {{ ref('dim_date') }} as dates on sales.date_key = dates.date_key
