select
    customer_id,
    max(ordered_at) as last_ordered_at
from {{ ref('stg_orders') }}
where ordered_at >= current_date - interval 90 day
group by 1
