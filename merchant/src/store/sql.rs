//! The store over either database.

use futures_util::future::BoxFuture;
use sqlx::Pool;
use wechat_cashier::contract::Timestamp;

use super::dialect::Dialect;
use super::session::Session;
use super::{
    Answer, Change, Changed, Entry, Filter, FunnelCount, Login, NewWebhook, PaymentId, Reconciliation, Row, Saved,
    Store, StoreError, Tried, Webhook, WebhookFilter,
};
use super::{funnel, instances, logins, orders, payments, reconciliations, unmatched, webhooks};

/// A database with our tables.
#[derive(Debug)]
pub(super) struct SqlStore<D: Dialect> {
    /// Connections that write; with PostgreSQL, the same as the others.
    pub(super) writers: Pool<D>,
    pub(super) readers: Pool<D>,
}

impl<D: Dialect> SqlStore<D> {
    async fn read(&self) -> Result<Session<D>, StoreError> {
        Session::read(&self.readers).await
    }

    async fn write(&self) -> Result<Session<D>, StoreError> {
        Session::write(&self.writers).await
    }
}

impl<D: Dialect> Store for SqlStore<D> {
    fn insert<'a>(&'a self, change: &'a Change) -> Answer<'a, Saved> {
        Box::pin(async move { orders::insert(self.write().await?, change).await })
    }

    fn load<'a>(&'a self, order_id: &'a str) -> Answer<'a, Option<Row>> {
        Box::pin(async move { orders::load(self.read().await?, order_id).await })
    }

    fn save<'a>(&'a self, change: &'a Change) -> Answer<'a, Saved> {
        Box::pin(async move { orders::save(self.write().await?, change).await })
    }

    fn order_of<'a>(&'a self, out_trade_no: &'a str) -> Answer<'a, Option<String>> {
        Box::pin(async move { orders::of_number(self.read().await?, out_trade_no).await })
    }

    fn order_of_transaction<'a>(&'a self, transaction_id: &'a str) -> Answer<'a, Option<String>> {
        Box::pin(async move { orders::of_transaction(self.read().await?, transaction_id).await })
    }

    fn claim_due(&self, now: Timestamp, lease_until: Timestamp, limit: u32) -> Answer<'_, Vec<Row>> {
        Box::pin(async move { orders::claim_due(self.write().await?, now, lease_until, limit).await })
    }

    fn next_due(&self) -> Answer<'_, Option<Timestamp>> {
        Box::pin(async move { orders::next_due(self.read().await?).await })
    }

    fn entries<'a>(&'a self, order_id: &'a str) -> Answer<'a, Vec<Entry>> {
        Box::pin(async move { orders::entries(self.read().await?, order_id).await })
    }

    fn keep_login<'a>(&'a self, state_hash: &'a str, login: &'a Login) -> Answer<'a, ()> {
        Box::pin(async move { logins::keep(self.write().await?, state_hash, login).await })
    }

    fn take_login<'a>(&'a self, state_hash: &'a str, now: Timestamp) -> Answer<'a, Option<Login>> {
        Box::pin(async move { logins::take(self.write().await?, state_hash, now).await })
    }

    fn keep_unmatched<'a>(&'a self, entry: &'a Entry) -> Answer<'a, ()> {
        Box::pin(async move { unmatched::keep(self.write().await?, entry).await })
    }

    fn list_unmatched(&self, limit: u32) -> Answer<'_, Vec<Entry>> {
        Box::pin(async move { unmatched::list(self.read().await?, limit).await })
    }

    fn list<'a>(&'a self, filter: &'a Filter, limit: u32) -> Answer<'a, Vec<Row>> {
        Box::pin(async move { orders::list(self.read().await?, filter, limit).await })
    }

    fn meet<'a>(&'a self, instance: &'a str, within_ms: i64, ghosts: Option<&'a str>) -> Answer<'a, u32> {
        Box::pin(async move { instances::meet(self.write().await?, instance, within_ms, ghosts).await })
    }

    fn leave<'a>(&'a self, instance: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { instances::leave(self.write().await?, instance).await })
    }

    fn changed(&self, since: Option<Timestamp>) -> Answer<'_, Changed> {
        Box::pin(async move { instances::changed(self.read().await?, since).await })
    }

    fn claim_webhooks<'a>(
        &'a self,
        shops: &'a [&'a str],
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Answer<'a, Vec<Webhook>> {
        Box::pin(async move { webhooks::claim_due(self.write().await?, shops, now, lease_until, limit).await })
    }

    fn next_webhook<'a>(&'a self, shops: &'a [&'a str]) -> Answer<'a, Option<Timestamp>> {
        Box::pin(async move { webhooks::next_due(self.read().await?, shops).await })
    }

    fn finish_webhook<'a>(&'a self, id: &'a str, lease_until: Timestamp, tried: &'a Tried) -> Answer<'a, bool> {
        Box::pin(async move { webhooks::finish(self.write().await?, id, lease_until, tried).await })
    }

    fn list_webhooks<'a>(&'a self, filter: &'a WebhookFilter, limit: u32) -> Answer<'a, Vec<Webhook>> {
        Box::pin(async move { webhooks::list(self.read().await?, filter, limit).await })
    }

    fn send_webhook_again<'a>(&'a self, shop: &'a str, id: &'a str, now: Timestamp) -> Answer<'a, Option<Webhook>> {
        Box::pin(async move { webhooks::send_again(self.write().await?, shop, id, now).await })
    }

    fn moved_between<'a>(
        &'a self,
        from: Timestamp,
        before: Timestamp,
        after: &'a str,
        limit: u32,
    ) -> Answer<'a, Vec<Row>> {
        Box::pin(async move { payments::moved_between(self.read().await?, from, before, after, limit).await })
    }

    fn untimed(&self, limit: u32) -> Answer<'_, Vec<PaymentId>> {
        Box::pin(async move { payments::untimed(self.read().await?, limit).await })
    }

    fn time<'a>(&'a self, payments: &'a [(PaymentId, Timestamp)]) -> Answer<'a, ()> {
        Box::pin(async move { payments::time(self.write().await?, payments).await })
    }

    fn first_order<'a>(&'a self, shops: &'a [&'a str]) -> Answer<'a, Option<Timestamp>> {
        Box::pin(async move { payments::first_order(self.read().await?, shops).await })
    }

    fn keep_reconciliation<'a>(
        &'a self,
        kept: &'a Reconciliation,
        replaces: &'a [&'a str],
        told: &'a [NewWebhook],
    ) -> Answer<'a, bool> {
        Box::pin(async move { reconciliations::keep(self.write().await?, kept, replaces, told).await })
    }

    fn reconciliation<'a>(&'a self, sub_mchid: &'a str, date: &'a str) -> Answer<'a, Option<Reconciliation>> {
        Box::pin(async move { reconciliations::load(self.read().await?, sub_mchid, date).await })
    }

    fn reconciliations<'a>(
        &'a self,
        sub_mchid: &'a str,
        before: &'a str,
        limit: u32,
    ) -> Answer<'a, Vec<Reconciliation>> {
        Box::pin(async move { reconciliations::list(self.read().await?, sub_mchid, before, limit).await })
    }

    fn count_funnel<'a>(&'a self, counts: &'a [FunnelCount], forget_before: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { funnel::count(self.write().await?, counts, forget_before).await })
    }

    fn funnel<'a>(&'a self, from: &'a str, to: &'a str) -> Answer<'a, Vec<FunnelCount>> {
        Box::pin(async move { funnel::list(self.read().await?, from, to).await })
    }

    fn lease<'a>(&'a self, name: &'a str, now: Timestamp, until: Timestamp) -> Answer<'a, bool> {
        Box::pin(async move { reconciliations::lease(self.write().await?, name, now, until).await })
    }

    fn end_lease<'a>(&'a self, name: &'a str, until: Timestamp) -> Answer<'a, ()> {
        Box::pin(async move { reconciliations::end_lease(self.write().await?, name, until).await })
    }

    fn is_shared(&self) -> bool {
        D::IS_SHARED
    }

    fn ping(&self) -> Answer<'_, ()> {
        Box::pin(async move { orders::next_due(self.read().await?).await.map(drop) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.readers.close().await;
            self.writers.close().await;
        })
    }
}
