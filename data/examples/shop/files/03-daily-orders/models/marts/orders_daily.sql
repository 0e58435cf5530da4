select
    cast(ordered_at as date) as ordered_on,
    store_id,
    count(*) as order_count,
    sum(amount) as revenue
from {{ ref('stg_orders') }}
group by 1, 2
