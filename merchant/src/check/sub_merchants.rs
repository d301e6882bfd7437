//! The sub-merchants of a service provider's.

use super::asked::{Asked, Clients, random_number};
use super::{Found, Line, said};
use crate::domain::{ONE_SHOP, Sub};
use crate::wechat_pay::{self, Error, Meaning};

impl Asked<'_> {
    /// The sub-merchants of the shops, by the keys that name them; none, where the merchant takes the money itself.
    pub(super) fn subs(&self) -> Vec<(String, Sub)> {
        let shops = &self.config.shops;
        let key = |at: usize| match shops.as_slice() {
            [shop] if shop.id == ONE_SHOP => "shop.sub_mchid".to_owned(),
            _ => format!("shops[{at}].sub_mchid"),
        };
        shops.iter().enumerate().filter_map(|(at, shop)| Some((key(at), shop.sub()?))).collect()
    }

    /// A line `sub_mchid` for each shop of a service provider's: a query of an order that nobody has made.
    pub(super) async fn sub_merchants(&self, clients: &Clients) -> Vec<Line> {
        let mut lines = Vec::new();
        for (key, sub) in self.subs() {
            let answered = clients.own.client().of(Some(in_words(&sub))).query(&random_number()).await;
            let found = match answered {
                Err(Error::Refused(refusal)) if refusal.meaning() == Meaning::NotExist => {
                    Found::Works(format!("{key}: {} is a sub-merchant of wechat_pay.mchid", sub.mchid))
                }
                Err(Error::Refused(refusal)) => Found::Fails(said::of_sub_merchant(&key, &sub.mchid, &refusal)),
                Err(error) => Found::Unknown(format!("{key}: {error}")),
                Ok(_) => Found::Fails("WeChat Pay knows an order that nobody has made".to_owned()),
            };
            lines.push(Line { about: "sub_mchid", found });
        }
        lines
    }
}

pub(super) fn in_words(sub: &Sub) -> wechat_pay::Sub<'_> {
    wechat_pay::Sub { mchid: &sub.mchid, appid: sub.appid.as_deref() }
}
