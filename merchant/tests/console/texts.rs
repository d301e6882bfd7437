//! Every text is there in each language.

use wechat_cashier_merchant::console::Lang;
use wechat_cashier_merchant::console::text::Text;

fn is_chinese(text: &str) -> bool {
    text.chars().any(|char| {
        ('\u{4e00}'..='\u{9fff}').contains(&char) || ('\u{3000}'..='\u{303f}').contains(&char) || char == '：'
    })
}

#[test]
fn every_text_is_there_in_each_language() {
    for text in Text::ALL {
        let [zh, en] = Lang::ALL.map(|lang| lang.say(*text));
        assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{text:?}");
        let places = |said: &str| said.matches("{}").count();
        assert_eq!(places(zh), places(en), "{text:?}: as many values in each");
        assert!(places(zh) <= 1, "{text:?}: one value at most");
        assert!(is_chinese(zh), "{text:?} is not Chinese: {zh}");
        // Menus of WeChat Pay's pages are called by their names.
        assert!(!is_chinese(en) || en.contains('→'), "{text:?} is not English: {en}");
    }
}

#[test]
fn the_first_language_that_is_served_is_taken() {
    for (accepted, lang) in [("de, zh-HK;q=0.8", Lang::ZhCn), ("en-GB, zh", Lang::En), ("*", Lang::En), ("", Lang::En)]
    {
        assert_eq!(Lang::accepted(accepted), lang, "{accepted}");
    }
}
