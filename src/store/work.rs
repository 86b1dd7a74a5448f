//! One transaction on the database; its faults name the database's file.

use std::path::PathBuf;

use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqlitePool, SqliteRow};
use sqlx::{Sqlite, Transaction};

use super::StoreError;

/// A statement with its values.
pub(super) type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// A transaction. Dropped without [`Work::commit`], it leaves no trace.
pub(super) struct Work {
    transaction: Transaction<'static, Sqlite>,
    database: PathBuf,
}

impl Work {
    /// Begins with `begin`: writers take the lock at once, so that two of them queue instead of failing halfway.
    pub(super) async fn begin(
        pool: &SqlitePool,
        begin: &'static str,
        database: PathBuf,
    ) -> Result<Self, StoreError> {
        match pool.begin_with(begin).await {
            Ok(transaction) => Ok(Self { transaction, database }),
            Err(error) => Err(StoreError::of_database(&database, error)),
        }
    }

    /// Executes; returns how many rows were changed.
    pub(super) async fn run(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        let done = statement.execute(&mut *self.transaction).await;
        done.map(|done| done.rows_affected()).map_err(|error| self.fault(error))
    }

    /// Executes a script of several statements without values.
    pub(super) async fn script(&mut self, script: &'static str) -> Result<(), StoreError> {
        let done = sqlx::raw_sql(script).execute(&mut *self.transaction).await;
        done.map(|_| ()).map_err(|error| self.fault(error))
    }

    /// The single row.
    pub(super) async fn one(&mut self, statement: Statement<'_>) -> Result<SqliteRow, StoreError> {
        statement.fetch_one(&mut *self.transaction).await.map_err(|error| self.fault(error))
    }

    /// The row, if there is one.
    pub(super) async fn maybe(&mut self, statement: Statement<'_>) -> Result<Option<SqliteRow>, StoreError> {
        statement.fetch_optional(&mut *self.transaction).await.map_err(|error| self.fault(error))
    }

    /// Every row.
    pub(super) async fn all(&mut self, statement: Statement<'_>) -> Result<Vec<SqliteRow>, StoreError> {
        statement.fetch_all(&mut *self.transaction).await.map_err(|error| self.fault(error))
    }

    /// Makes it durable.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        let Self { transaction, database } = self;
        transaction.commit().await.map_err(|error| StoreError::of_database(&database, error))
    }

    /// Takes everything back.
    pub(super) async fn roll_back(self) -> Result<(), StoreError> {
        let Self { transaction, database } = self;
        transaction.rollback().await.map_err(|error| StoreError::of_database(&database, error))
    }

    fn fault(&self, error: sqlx::Error) -> StoreError {
        StoreError::of_database(&self.database, error)
    }
}
