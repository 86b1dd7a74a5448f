-- Letters that are drawn and not known by their drawing, however the copy was read: when more drawings are known, it is due
-- again. Of copies that OCR had read nobody counted them: they are looked at once.
ALTER TABLE reading ADD COLUMN drawn INTEGER NOT NULL DEFAULT 0;
UPDATE reading SET drawn = CASE WHEN json_extract(facts, '$.way') = 'ocr' THEN 1 ELSE unread END;
