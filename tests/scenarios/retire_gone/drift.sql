CREATE TABLE unmanaged (id int);
