-- The search index: rowid is the filing's id, so that «newest first» is the index's own order. The text itself stays in
-- `filing` and in the blob (content=''). Words are folded before they come here, alike for text and query; what is
-- left to the tokenizer are the accents of Latin letters (José is found as jose; й and ї it leaves alone). The prefixes
-- are measured (see ARCHITECTURE).
CREATE VIRTUAL TABLE filing_text USING fts5 (
    sender, subject, files, documents, branch, service, token, received, mailbox, body,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '3 4'
);
