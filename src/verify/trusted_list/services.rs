//! A list's elements → what it says of itself, and its services.

use std::str::FromStr as _;

use roxmltree::Node;

use super::document::{TSL, base64_of, child, elements, is, text_of};
use super::fault::{self, ListFault};
use super::limits::{LIST_SERVICES_MAX, SERVICE_CERTIFICATES_MAX};
use crate::model::Timestamp;

/// What a list says of itself (ETSI TS 119 612 §5.3).
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Scheme {
    /// Whose list it is: `UA`.
    pub territory: Option<String>,
    /// Who publishes it.
    pub operator: Option<String>,
    /// Grows with every issue.
    pub sequence: Option<u64>,
    /// When this issue was made.
    pub issued_at: Option<Timestamp>,
    /// When the next one is due at the latest; none when the list says that none will come, or nothing.
    pub next_update: Option<Timestamp>,
}

/// A service, what it is now and since when; its history is not looked at (ETSI TS 119 612 §5.5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::verify) struct Service {
    pub(in crate::verify) provider: String,
    pub(in crate::verify) name: String,
    pub(in crate::verify) kind: ServiceKind,
    pub(in crate::verify) is_granted: bool,
    /// Since when it is what it is; none where the list does not say, or not readably.
    pub(in crate::verify) since: Option<Timestamp>,
    /// Its certificates, as they came.
    pub(in crate::verify) certificates: Vec<Vec<u8>>,
}

/// What a service does, as far as it matters here (ETSI TS 119 612 §5.5.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// `CA/QC`: issues qualified certificates.
    QualifiedAuthority,
    /// `TSA/QTST`: makes qualified time-stamps.
    QualifiedTimeStamping,
    /// Everything else: responders, roots of schemes, registered delivery …: known, and trusted for nothing.
    Other,
}

impl ServiceKind {
    fn of(uri: &str) -> Self {
        match uri {
            "http://uri.etsi.org/TrstSvc/Svctype/CA/QC" => Self::QualifiedAuthority,
            "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST" => Self::QualifiedTimeStamping,
            _ => Self::Other,
        }
    }
}

/// ETSI TS 119 612 §5.5.4: the statuses of a service that may be relied on now. Any other one, a new one too, is not.
fn is_granted(status: &str) -> bool {
    matches!(
        status,
        "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"
            | "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/recognisedatnationallevel"
    )
}

/// The root, if it is a trusted list's.
pub(super) fn root<'a, 't>(root: Node<'a, 't>) -> Result<Node<'a, 't>, ListFault> {
    if is(root, TSL, "TrustServiceStatusList") {
        Ok(root)
    } else {
        Err(ListFault::NotAList { root: fault::words(root.tag_name().name()) })
    }
}

/// ```text
/// SchemeInformation ::= TSLVersionIdentifier, TSLSequenceNumber, TSLType, SchemeOperatorName, …, SchemeTerritory, …,
///     ListIssueDateTime, NextUpdate, …
/// ```
/// ETSI TS 119 612 §5.3. What is absent is told as absent.
pub(super) fn scheme(root: Node<'_, '_>) -> Result<Scheme, ListFault> {
    let scheme = once(root, "SchemeInformation", "SchemeInformation")?;
    let text = |name: &str| child(scheme, TSL, name).and_then(text_of).filter(|text| !text.is_empty());
    let moment = |text: Option<String>, expected| {
        text.map(|text| Timestamp::from_str(&text).map_err(|_| ListFault::Structure { expected })).transpose()
    };
    let next_update = child(scheme, TSL, "NextUpdate").and_then(|next| child(next, TSL, "dateTime"));
    let next_update = next_update.and_then(text_of).filter(|text| !text.is_empty());
    let sequence = text("TSLSequenceNumber").map(|text| text.parse::<u64>()).transpose();
    Ok(Scheme {
        territory: text("SchemeTerritory").map(|text| fault::words(&text)),
        operator: child(scheme, TSL, "SchemeOperatorName").and_then(localised),
        sequence: sequence.map_err(|_| ListFault::Structure { expected: "a TSLSequenceNumber" })?,
        issued_at: moment(text("ListIssueDateTime"), "a ListIssueDateTime with its offset")?,
        next_update: moment(next_update, "a NextUpdate with its offset")?,
    })
}

/// ```text
/// TrustServiceProviderList ::= TrustServiceProvider+
/// TrustServiceProvider ::= TSPInformation (TSPName, …), TSPServices (TSPService+)
/// TSPService ::= ServiceInformation, ServiceHistory?
/// ```
/// ETSI TS 119 612 §5.4, §5.5. A list without providers has no services.
pub(super) fn services(root: Node<'_, '_>) -> Result<Vec<Service>, ListFault> {
    let mut services = Vec::new();
    for list in elements(root).filter(|node| is(*node, TSL, "TrustServiceProviderList")) {
        for provider in elements(list).filter(|node| is(*node, TSL, "TrustServiceProvider")) {
            let information = child(provider, TSL, "TSPInformation");
            let name = information.and_then(|information| child(information, TSL, "TSPName"));
            let name = name.and_then(localised).unwrap_or_default();
            let all = once(provider, "TSPServices", "TSPServices")?;
            for service in elements(all).filter(|node| is(*node, TSL, "TSPService")) {
                if services.len() == LIST_SERVICES_MAX {
                    return Err(ListFault::OverLimit { what: "more services", limit: LIST_SERVICES_MAX });
                }
                services.push(read_service(service, name.clone())?);
            }
        }
    }
    Ok(services)
}

/// ```text
/// ServiceInformation ::= ServiceTypeIdentifier, ServiceName, ServiceDigitalIdentity (DigitalId+), ServiceStatus,
///     StatusStartingTime, …
/// DigitalId ::= X509Certificate | X509SubjectName | KeyValue | X509SKI | Other
/// ```
/// ETSI TS 119 612 §5.5. Of the identities only certificates are of use. A service without a status is not granted.
fn read_service(service: Node<'_, '_>, provider: String) -> Result<Service, ListFault> {
    let information = once(service, "ServiceInformation", "ServiceInformation")?;
    let kind = once(information, "ServiceTypeIdentifier", "a ServiceTypeIdentifier")?;
    let status = child(information, TSL, "ServiceStatus").and_then(text_of);
    let several = elements(information).filter(|node| is(*node, TSL, "ServiceStatus")).count() > 1;
    if several {
        return Err(ListFault::Structure { expected: "a ServiceStatus once" });
    }
    let since = child(information, TSL, "StatusStartingTime").and_then(text_of);
    let mut certificates = Vec::new();
    for identity in elements(information).filter(|node| is(*node, TSL, "ServiceDigitalIdentity")) {
        for id in elements(identity).filter(|node| is(*node, TSL, "DigitalId")) {
            for certificate in elements(id).filter(|node| is(*node, TSL, "X509Certificate")) {
                if certificates.len() == SERVICE_CERTIFICATES_MAX {
                    let what = "more certificates in one service";
                    return Err(ListFault::OverLimit { what, limit: SERVICE_CERTIFICATES_MAX });
                }
                let der = base64_of(certificate);
                certificates.push(der.ok_or(ListFault::Structure { expected: "a certificate in base64" })?);
            }
        }
    }
    Ok(Service {
        provider,
        name: child(information, TSL, "ServiceName").and_then(localised).unwrap_or_default(),
        kind: ServiceKind::of(&text_of(kind).unwrap_or_default()),
        is_granted: status.is_some_and(|status| is_granted(&status)),
        since: since.and_then(|text| Timestamp::from_str(&text).ok()),
        certificates,
    })
}

/// A child element that must be there, and once.
fn once<'a, 't: 'a>(
    node: Node<'a, 't>,
    name: &str,
    expected: &'static str,
) -> Result<Node<'a, 't>, ListFault> {
    let mut all = elements(node).filter(|child| is(*child, TSL, name));
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(ListFault::Structure { expected }),
    }
}

/// The Ukrainian name, or else the English one, or else the first (ETSI TS 119 612 §5.1.4).
fn localised(names: Node<'_, '_>) -> Option<String> {
    let all = || elements(names).filter(|node| is(*node, TSL, "Name"));
    let in_language = |language: &str| {
        all().find(|name| {
            let said = name.attribute(("http://www.w3.org/XML/1998/namespace", "lang"));
            said.is_some_and(|said| said.eq_ignore_ascii_case(language))
        })
    };
    let name = in_language("uk").or_else(|| in_language("en")).or_else(|| all().next())?;
    text_of(name).map(|text| fault::words(&text)).filter(|text| !text.is_empty())
}
