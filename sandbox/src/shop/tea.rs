//! What the shop sells.

use super::language::Language;

/// A tea: one in each kind of currency, with two decimals, none and three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tea {
    /// Its word in an order.
    pub id: &'static str,
    /// In simplified and traditional characters and English.
    pub names: [&'static str; 3],
    /// Its price in minor units.
    pub value: i64,
    /// Its price's currency.
    pub currency: &'static str,
    /// Its price as the shop writes it.
    pub price: &'static str,
    /// The colour of its brew.
    pub colour: &'static str,
}

impl Tea {
    /// All teas.
    pub const ALL: [Self; 3] = [
        Self {
            id: "oolong",
            names: ["凤凰单丛乌龙茶 250 克", "鳳凰單叢烏龍茶 250 克", "Oolong tea, 250 g"],
            value: 1999,
            currency: "CNY",
            price: "¥19.99",
            colour: "#c98a3d",
        },
        Self {
            id: "sencha",
            names: ["宇治煎茶 100 克", "宇治煎茶 100 克", "Uji sencha, 100 g"],
            value: 1200,
            currency: "JPY",
            price: "JP¥1,200",
            colour: "#93a83c",
        },
        Self {
            id: "assam",
            names: ["阿萨姆红茶 200 克", "阿薩姆紅茶 200 克", "Assam black tea, 200 g"],
            value: 3250,
            currency: "KWD",
            price: "KWD 3.250",
            colour: "#9c4a2c",
        },
    ];

    /// The tea of that word.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tea| tea.id == id)
    }

    pub(crate) fn name(&self, language: Language) -> &'static str {
        let [mainland, hong_kong, english] = self.names;
        match language {
            Language::Mainland => mainland,
            Language::HongKong => hong_kong,
            Language::English => english,
        }
    }
}
