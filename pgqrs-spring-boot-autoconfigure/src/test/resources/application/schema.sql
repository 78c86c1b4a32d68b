CREATE TABLE orders (id INTEGER PRIMARY KEY, item VARCHAR(50) NOT NULL);
INSERT INTO orders (id, item) VALUES (1, 'from the application');
