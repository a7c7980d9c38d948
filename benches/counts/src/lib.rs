//! Counts what a program does, and compares it with what was counted before. Part of the benchmark beside it, whose own
//! tests nobody would run.

pub mod callgrind;
pub mod golden;
