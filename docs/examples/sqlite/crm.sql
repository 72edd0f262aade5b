-- A CRM in one file: its settings, the people that it is about, and a place where apps may keep what they like.
CREATE TABLE fields (name TEXT PRIMARY KEY, label TEXT, kind TEXT NOT NULL, description TEXT, options TEXT);
CREATE TABLE stages (name TEXT PRIMARY KEY, label TEXT, place INTEGER, description TEXT);
CREATE TABLE lists  (name TEXT PRIMARY KEY, label TEXT, stage INTEGER, columns TEXT, description TEXT);
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT, company TEXT, owner TEXT, stage INTEGER);
CREATE TABLE notes  (name TEXT PRIMARY KEY, value TEXT);

INSERT INTO fields VALUES ('name', 'Name', 'text', NULL, NULL), ('email', 'E-mail', 'text', NULL, NULL),
                          ('company', 'Company', 'text', NULL, NULL), ('owner', 'Owner', 'text', NULL, NULL);
INSERT INTO stages VALUES ('New', 'New', 0, 'Somebody wrote to us.');
INSERT INTO lists  VALUES ('everybody', 'Everybody', NULL, '["name", "email"]', 'Made by an administrator.');
INSERT INTO people VALUES (1, 'Quinn Abe', 'quinn@abe.example', 'Abe Ltd', 'ana', 1);
