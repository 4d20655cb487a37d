//! How a function is offered to scripts: its name, what it takes and returns in the words of scripts, and its page.

/// Registers functions with their documentation; the doc comment is what `segue script api` shows.
macro_rules! offer {
    ($engine:expr; $($(#[doc = $doc:literal])+ $name:literal ($($parameter:literal),*) -> $returns:literal = $function:expr;)+) => {
        $(
            let _ = rhai::FuncRegistration::new($name)
                .with_comments([$(concat!("///", $doc)),+])
                .with_params_info([$($parameter,)* $returns])
                .register_into_engine($engine, $function);
        )+
    };
}
pub(super) use offer;
