//! Calls a generic function with the type in which a raster stores its samples.

/// `by_type!(pixel_type, function(arguments))` calls `function::<T>(arguments)`.
macro_rules! by_type {
    ($pixel_type:expr, $function:ident($($argument:expr),*)) => {
        match $pixel_type {
            PixelType::U8 => $function::<u8>($($argument),*),
            PixelType::I8 => $function::<i8>($($argument),*),
            PixelType::U16 => $function::<u16>($($argument),*),
            PixelType::I16 => $function::<i16>($($argument),*),
            PixelType::U32 => $function::<u32>($($argument),*),
            PixelType::I32 => $function::<i32>($($argument),*),
            PixelType::F32 => $function::<f32>($($argument),*),
            PixelType::F64 => $function::<f64>($($argument),*),
        }
    };
}
pub(crate) use by_type;
