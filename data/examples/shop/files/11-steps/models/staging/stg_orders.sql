with orders as (

    select * from {{ source('shop', 'orders') }}
    where not coalesce(is_test, false)

),

renamed as (

    select
        order_id,
        customer_id,
        store_id,
        is_test,
        {{ euros('amount_cents') }} as amount,
        ordered_at
    from orders

)

select * from renamed
