//! A few words → a small PDF, written by hand: each test says what is special about its file.

/// A document of one page, Helvetica as `/F1`.
pub(crate) struct Draft {
    /// More entries of the catalog (object 1).
    pub(crate) catalog: String,
    /// The root of the tree of pages (object 2).
    pub(crate) pages: String,
    /// Boxes and rotation of the page (object 3), and its other entries.
    pub(crate) page: String,
    /// Its fonts.
    pub(crate) fonts: String,
    /// More entries of its resources.
    pub(crate) resources: String,
    /// Its content (object 4).
    pub(crate) content: Vec<u8>,
    /// Entries of the content's dictionary: filters.
    pub(crate) content_entries: String,
    /// Objects 6, 7, …
    pub(crate) more: Vec<Vec<u8>>,
    /// More entries of the trailer.
    pub(crate) trailer: String,
}

impl Draft {
    /// A page of 200 × 100 points.
    pub(crate) fn new(content: &str) -> Self {
        Self {
            catalog: String::new(),
            pages: "/Type /Pages /Kids [3 0 R] /Count 1".to_owned(),
            page: "/MediaBox [0 0 200 100]".to_owned(),
            fonts: "/F1 5 0 R".to_owned(),
            resources: String::new(),
            content: content.as_bytes().to_vec(),
            content_entries: String::new(),
            more: Vec::new(),
            trailer: String::new(),
        }
    }

    pub(crate) fn page(mut self, entries: &str) -> Self {
        entries.clone_into(&mut self.page);
        self
    }

    pub(crate) fn pages(mut self, entries: &str) -> Self {
        entries.clone_into(&mut self.pages);
        self
    }

    pub(crate) fn catalog(mut self, entries: &str) -> Self {
        entries.clone_into(&mut self.catalog);
        self
    }

    pub(crate) fn resources(mut self, entries: &str) -> Self {
        entries.clone_into(&mut self.resources);
        self
    }

    pub(crate) fn fonts(mut self, entries: &str) -> Self {
        entries.clone_into(&mut self.fonts);
        self
    }

    /// The next object: 6, 7, …
    pub(crate) fn object(mut self, object: &str) -> Self {
        self.more.push(object.as_bytes().to_vec());
        self
    }

    /// The next object, with data.
    pub(crate) fn stream(mut self, entries: &str, data: &[u8]) -> Self {
        self.more.push(stream(entries, data));
        self
    }

    /// The objects from 1.
    pub(crate) fn objects(&self) -> Vec<Vec<u8>> {
        let catalog = format!("<< /Type /Catalog /Pages 2 0 R {} >>", self.catalog);
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << {} >> {} >> {} >>",
            self.fonts, self.resources, self.page
        );
        let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned();
        let mut objects = vec![
            catalog.into_bytes(),
            format!("<< {} >>", self.pages).into_bytes(),
            page.into_bytes(),
            stream(&self.content_entries, &self.content),
            font.into_bytes(),
        ];
        objects.extend(self.more.iter().cloned());
        objects
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        file(&self.objects(), &self.trailer)
    }
}

/// A stream object.
pub(crate) fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
    object.extend_from_slice(data);
    object.extend_from_slice(b"\nendstream");
    object
}

/// Objects from 1 → a file with a table of them.
pub(crate) fn file(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    let start = bytes.len();
    let size = objects.len() + 1;
    bytes.extend_from_slice(table.as_bytes());
    bytes.extend_from_slice(
        format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    bytes
}
