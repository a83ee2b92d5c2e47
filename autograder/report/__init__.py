"""What people read: one record in, a table, a page, a spreadsheet or Gradescope's results out."""
