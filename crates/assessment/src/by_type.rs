//! Calls a generic function with the type in which a raster stores its samples.

/// `by_type!(pixel_type, function(arguments))` calls `function::<T>(arguments)`.
macro_rules! by_type {
    ($pixel_type:expr, $function:ident($($argument:expr),*)) => {
        match $pixel_type {
            belcheer_domain::PixelType::U8 => $function::<u8>($($argument),*),
            belcheer_domain::PixelType::I8 => $function::<i8>($($argument),*),
            belcheer_domain::PixelType::U16 => $function::<u16>($($argument),*),
            belcheer_domain::PixelType::I16 => $function::<i16>($($argument),*),
            belcheer_domain::PixelType::U32 => $function::<u32>($($argument),*),
            belcheer_domain::PixelType::I32 => $function::<i32>($($argument),*),
            belcheer_domain::PixelType::F32 => $function::<f32>($($argument),*),
            belcheer_domain::PixelType::F64 => $function::<f64>($($argument),*),
        }
    };
}
pub(crate) use by_type;
