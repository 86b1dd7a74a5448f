//! An IP address → what kind of special one it is, or that it belongs to the public internet.
//!
//! After the registries of special-purpose addresses that IANA keeps (RFC 6890), read in 2026. In IPv6 everything is
//! special that is not known to be public: only 2000::/3 is given out at all (RFC 4291 §2.4). Addresses with an IPv4
//! address inside (mapped, compatible, 6to4, NAT64, Teredo) are never public here, whatever that address is: a name
//! that leads to the internet has no reason to carry one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why the address is not of the public internet; none when it is.
pub(super) fn special(address: IpAddr) -> Option<&'static str> {
    let found = |list: &[(IpAddr, u8, &'static str)]| {
        list.iter().find(|(net, bits, _)| within(address, *net, *bits)).map(|(_, _, kind)| *kind)
    };
    match address {
        IpAddr::V4(_) => found(V4),
        IpAddr::V6(_) if within(address, GLOBAL_UNICAST, 3) => found(V6_IN_GLOBAL_UNICAST),
        IpAddr::V6(_) => Some(found(V6).unwrap_or("a reserved address")),
    }
}

/// Whether the first `bits` bits of an address are those of the net. Never so for the other family.
pub(super) fn within(address: IpAddr, net: IpAddr, bits: u8) -> bool {
    match (address, net) {
        (IpAddr::V4(address), IpAddr::V4(net)) => {
            let differing = u32::from(address) ^ u32::from(net);
            differing.checked_shr(32_u32.saturating_sub(bits.into())).unwrap_or(0) == 0
        }
        (IpAddr::V6(address), IpAddr::V6(net)) => {
            let differing = u128::from(address) ^ u128::from(net);
            differing.checked_shr(128_u32.saturating_sub(bits.into())).unwrap_or(0) == 0
        }
        _ => false,
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}

const fn v6(segments: [u16; 8]) -> IpAddr {
    let [a, b, c, d, e, f, g, h] = segments;
    IpAddr::V6(Ipv6Addr::new(a, b, c, d, e, f, g, h))
}

const V4: &[(IpAddr, u8, &str)] = &[
    (v4(0, 0, 0, 0), 8, "an unspecified address"), // RFC 791 §3.2
    (v4(10, 0, 0, 0), 8, "a private address"),     // RFC 1918
    (v4(100, 64, 0, 0), 10, "an address shared behind a carrier"), // RFC 6598
    (v4(127, 0, 0, 0), 8, "a loopback address"),   // RFC 1122 §3.2.1.3
    (v4(169, 254, 0, 0), 16, "a link-local address"), // RFC 3927
    (v4(172, 16, 0, 0), 12, "a private address"),  // RFC 1918
    (v4(192, 0, 0, 0), 24, "an address of protocols"), // RFC 6890 §2.1
    (v4(192, 0, 2, 0), 24, "an address for documentation"), // RFC 5737
    (v4(192, 88, 99, 0), 24, "an address of 6to4 relays"), // RFC 7526
    (v4(192, 168, 0, 0), 16, "a private address"), // RFC 1918
    (v4(198, 18, 0, 0), 15, "an address for benchmarks"), // RFC 2544
    (v4(198, 51, 100, 0), 24, "an address for documentation"), // RFC 5737
    (v4(203, 0, 113, 0), 24, "an address for documentation"), // RFC 5737
    (v4(224, 0, 0, 0), 4, "a multicast address"),  // RFC 5771
    (v4(255, 255, 255, 255), 32, "the broadcast address"), // RFC 919 §7
    (v4(240, 0, 0, 0), 4, "a reserved address"),   // RFC 1112 §4
];

const GLOBAL_UNICAST: IpAddr = v6([0x2000, 0, 0, 0, 0, 0, 0, 0]);

const V6_IN_GLOBAL_UNICAST: &[(IpAddr, u8, &str)] = &[
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0]), 32, "an IPv4 address inside Teredo"), // RFC 4380
    (v6([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0]), 32, "an address for documentation"), // RFC 3849
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0]), 23, "an address of protocols"),       // RFC 2928
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0]), 16, "an IPv4 address inside 6to4"),   // RFC 3056
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0]), 20, "an address for documentation"),  // RFC 9637
];

const V6: &[(IpAddr, u8, &str)] = &[
    (v6([0, 0, 0, 0, 0, 0, 0, 0]), 128, "an unspecified address"), // RFC 4291 §2.5.2
    (v6([0, 0, 0, 0, 0, 0, 0, 1]), 128, "a loopback address"),     // RFC 4291 §2.5.3
    (v6([0, 0, 0, 0, 0, 0xffff, 0, 0]), 96, "an IPv4 address mapped into IPv6"), // RFC 4291 §2.5.5.2
    (v6([0, 0, 0, 0, 0, 0, 0, 0]), 96, "an IPv4 address inside IPv6"), // RFC 4291 §2.5.5.1
    (v6([0x0064, 0xff9b, 0, 0, 0, 0, 0, 0]), 96, "an IPv4 address behind NAT64"), // RFC 6052 §2.1
    (v6([0x0064, 0xff9b, 1, 0, 0, 0, 0, 0]), 48, "an IPv4 address behind NAT64"), // RFC 8215
    (v6([0x0100, 0, 0, 0, 0, 0, 0, 0]), 64, "an address where everything is dropped"), // RFC 6666
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0]), 7, "a unique local address"), // RFC 4193
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0]), 10, "a link-local address"), // RFC 4291 §2.5.6
    (v6([0xfec0, 0, 0, 0, 0, 0, 0, 0]), 10, "a site-local address"), // RFC 3879
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0]), 8, "a multicast address"), // RFC 4291 §2.7
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_special_address_is_told_by_its_first_and_last() {
        let special_ones = [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.255",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::808:808",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::",
            "3fff::1",
            "3fff:fff::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
            "1fff::1",
            "5f00::1",
        ];
        for text in special_ones {
            assert!(special(text.parse().unwrap()).is_some(), "{text}");
        }
    }

    #[test]
    fn the_neighbours_of_special_addresses_are_public() {
        let public = [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::1",
            "2001:200::1",
            "2001:db7::1",
            "2001:db9::1",
            "2003::1",
            "2a02::1",
            "3ffe::1",
            "3fff:1000::1",
        ];
        for text in public {
            assert_eq!(special(text.parse().unwrap()), None, "{text}");
        }
    }

    #[test]
    fn a_net_of_no_bits_holds_its_whole_family_and_nothing_of_the_other() {
        let (one, other): (IpAddr, IpAddr) = ("8.8.8.8".parse().unwrap(), "2a02::1".parse().unwrap());
        assert!(within(one, "0.0.0.0".parse().unwrap(), 0) && within(other, "::".parse().unwrap(), 0));
        assert!(!within(one, "::".parse().unwrap(), 0) && !within(other, "0.0.0.0".parse().unwrap(), 0));
        assert!(!within(one, "8.8.8.9".parse().unwrap(), 32) && within(one, "8.8.8.9".parse().unwrap(), 31));
    }
}
