-- What MariaDB bills: types that other engines know differently (unsigned, enum, set, tinyint(1), bit, json as text,
-- microseconds, keys that ignore case), so that whoever copies them has something to prove. @lab_rows invoices.

create table invoices (
  id bigint unsigned not null auto_increment,
  number varchar(24) not null,
  account varchar(80) not null,
  status enum('draft', 'sent', 'paid', 'void') not null default 'draft',
  currency char(3) character set ascii not null default 'EUR',
  total decimal(12, 2) not null default 0,
  is_recurring tinyint(1) not null default 0,
  issued_on date not null,
  due_on date null,
  details json null,
  notes text null,
  fingerprint varbinary(32) null,
  created_at datetime(6) not null default current_timestamp(6),
  updated_at timestamp(6) not null default current_timestamp(6) on update current_timestamp(6),
  primary key (id),
  unique key invoices_number (number)
);

create table invoice_lines (
  invoice_id bigint unsigned not null,
  line_no smallint unsigned not null,
  sku varchar(32) character set utf8mb4 collate utf8mb4_bin not null,
  description text not null,
  quantity decimal(10, 3) not null,
  unit_price decimal(12, 4) not null,
  tax_rate decimal(5, 4) not null default 0.1900,
  primary key (invoice_id, line_no),
  constraint invoice_lines_invoice foreign key (invoice_id) references invoices (id)
);

create table payments (
  reference varchar(40) not null,
  invoice_id bigint unsigned not null,
  amount decimal(12, 2) not null,
  method enum('card', 'transfer', 'direct_debit') not null,
  channels set('web', 'phone', 'mail') not null default '',
  is_captured bit(1) not null default b'0',
  attempts tinyint unsigned not null default 1,
  exchange_rate double null,
  paid_at datetime(6) null,
  receipt blob null,
  primary key (reference),
  key payments_invoice (invoice_id)
);

insert into invoices (number, account, status, currency, total, is_recurring, issued_on, due_on, details, notes, fingerprint, created_at, updated_at)
select concat('INV-2026-', lpad(seq, 6, '0')),
       concat(elt(1 + seq mod 6, 'Bäckerei Süß', 'O''Malley & Sons', 'Łódź Optics', '東京商事', 'Čapek s.r.o.', 'Plain Ltd'), ' ', 1 + seq mod 40),
       elt(1 + seq mod 4, 'draft', 'sent', 'paid', 'void'),
       elt(1 + seq mod 3, 'EUR', 'USD', 'CHF'),
       round((seq * 7919 mod 500000) / 100, 2),
       seq mod 5 = 0,
       date_add('2026-01-01', interval seq mod 300 day),
       if(seq mod 7 = 0, null, date_add('2026-01-15', interval seq mod 300 day)),
       if(seq mod 4 = 0, null, json_object('po', concat('PO-', seq), 'terms', 14 + seq mod 3 * 15, 'contact', json_object('name', 'Accounts', 'copy', seq mod 2 = 0))),
       case seq mod 5 when 0 then null when 1 then '' when 2 then 'NULL' when 3 then 'Thank you ' else concat('Reminder ', seq) end,
       if(seq mod 3 = 0, null, unhex(sha2(seq, 256))),
       timestampadd(microsecond, seq * 37000123, '2026-01-01 08:00:00.000000'),
       timestampadd(microsecond, seq * 37000123, '2026-02-01 08:00:00.000000')
from seq_1_to_1000000 limit @lab_rows;

insert into invoice_lines (invoice_id, line_no, sku, description, quantity, unit_price, tax_rate)
select i.id, n.seq, concat('SKU-', lpad(1 + (i.id * 31 + n.seq) mod 900, 4, '0')),
       concat('Item ', n.seq, ' of ', i.number), 1 + (i.id + n.seq) mod 9 / 4, round((i.id * 131 + n.seq * 17) mod 90000 / 100, 4),
       elt(1 + n.seq mod 3, 0.1900, 0.0700, 0)
from invoices i join seq_1_to_4 n on n.seq <= 1 + i.id mod 4;

insert into payments (reference, invoice_id, amount, method, channels, is_captured, attempts, exchange_rate, paid_at, receipt)
select concat('Pay-', lpad(i.id, 7, '0'), elt(1 + i.id mod 3, 'a', 'B', 'x')), i.id, i.total,
       elt(1 + i.id mod 3, 'card', 'transfer', 'direct_debit'), elt(1 + i.id mod 4, '', 'web', 'web,mail', 'phone'),
       i.id mod 2, 1 + i.id mod 3, if(i.currency = 'EUR', null, 1 + i.id mod 100 / 997),
       timestampadd(second, i.id mod 86400, i.created_at), if(i.id mod 6 = 0, unhex(concat('00ff', hex(i.id))), null)
from invoices i where i.status = 'paid';
