//! The files of bills that were asked for, each under a token, until it ends.

use std::collections::VecDeque;

use wechat_cashier::contract::Timestamp;

/// So many are kept.
const KEPT: usize = 200;

/// A file that can be downloaded.
#[derive(Clone, Debug)]
pub(crate) struct BillFile {
    /// What its address has.
    pub(crate) token: String,
    /// Who may have it.
    pub(crate) mchid: String,
    /// Until when.
    pub(crate) expires_at: Timestamp,
    /// As it is sent.
    pub(crate) bytes: Vec<u8>,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bills(VecDeque<BillFile>);

impl Bills {
    pub(crate) fn keep(&mut self, file: BillFile) {
        self.0.push_back(file);
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }

    /// The file of a token that has not ended.
    pub(crate) fn find(&self, token: &str, now: Timestamp) -> Option<&BillFile> {
        self.0.iter().find(|file| file.token == token && now < file.expires_at)
    }
}
