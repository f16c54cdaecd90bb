//! Converts P-256 signatures and public keys from the encoding of KMS (DER) to that of JOSE (bare numbers).

/// Size of a number on P-256, in bytes.
pub(crate) const NUMBER_SIZE: usize = 32;

/// `SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING { 04`: the bytes before x and y in the
/// SubjectPublicKeyInfo of every P-256 public key whose point is not compressed (RFC 5480).
const PUBLIC_KEY_PREFIX: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

/// x and y of a public key. `None` if the key is not an uncompressed point of P-256.
pub(crate) fn point(public_key: &[u8]) -> Option<(&[u8; NUMBER_SIZE], &[u8; NUMBER_SIZE])> {
    let (x, y) = public_key.strip_prefix(&PUBLIC_KEY_PREFIX)?.split_first_chunk()?;
    Some((x, y.try_into().ok()?))
}

/// Converts a DER signature, `SEQUENCE { INTEGER r, INTEGER s }`, to the form of JOSE: r followed by s (RFC 7518,
/// 3.4).
/// `None` if the input is not strict DER.
pub(crate) fn to_jose(der: &[u8]) -> Option<[u8; 2 * NUMBER_SIZE]> {
    // Both numbers have at most 33 bytes, so every length fits into one byte.
    let (&[0x30, length], numbers) = der.split_first_chunk()? else {
        return None;
    };
    if usize::from(length) != numbers.len() {
        return None;
    }
    let mut signature = [0; 2 * NUMBER_SIZE];
    let (r, s) = signature.split_at_mut(NUMBER_SIZE);
    let rest = read_integer(numbers, r)?;
    read_integer(rest, s)?.is_empty().then_some(signature)
}

/// Reads an INTEGER into `to`, with leading zeros. Returns the bytes after the INTEGER.
fn read_integer<'a>(der: &'a [u8], to: &mut [u8]) -> Option<&'a [u8]> {
    let (&[0x02, length], rest) = der.split_first_chunk()? else {
        return None;
    };
    let (digits, rest) = rest.split_at_checked(usize::from(length))?;
    // The number must be positive. A leading zero is allowed only where the number would be negative without it.
    let digits = match digits {
        [0, rest @ ..] if rest.first().is_some_and(|first| *first >= 0x80) => rest,
        [1..0x80, ..] => digits,
        _ => return None,
    };
    let padding = to.len().checked_sub(digits.len())?;
    to[padding..].copy_from_slice(digits);
    Some(rest)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aws_lc_rs::{
        encoding::{AsDer, PublicKeyX509Der},
        rand::SystemRandom,
        signature::{
            ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_ASN1_SIGNING,
            EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair, UnparsedPublicKey,
        },
    };
    use proptest::prelude::*;

    use super::*;

    fn key(algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
        EcdsaKeyPair::generate(algorithm).unwrap()
    }

    fn signature(key: &EcdsaKeyPair, message: &[u8]) -> Vec<u8> {
        let signature = key.sign(&SystemRandom::new(), message).unwrap();
        signature.as_ref().to_vec()
    }

    #[test]
    fn a_converted_signature_still_verifies() {
        let key = key(&ECDSA_P256_SHA256_ASN1_SIGNING);
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key().as_ref());
        // Half of all numbers have a leading zero, so most signatures have 70 to 72 bytes. One in about 512 has a
        // shorter number and 69 bytes: the probability of none in 20,000 is e^-39.
        let mut lengths = BTreeSet::new();
        for _ in 0..20_000 {
            let der = signature(&key, b"message");
            public.verify(b"message", &to_jose(&der).unwrap()).unwrap();
            lengths.insert(der.len());
            if lengths.is_superset(&BTreeSet::from([69, 70, 71, 72])) {
                return;
            }
        }
        panic!("only these lengths occurred: {lengths:?}");
    }

    #[test]
    fn only_strict_der_is_accepted() {
        assert!(to_jose(&[0x30, 6, 2, 1, 1, 2, 1, 1]).is_some());
        assert!(to_jose(&[0x30, 8, 2, 2, 0, 0x80, 2, 2, 0, 0xff]).is_some());
        for bad in [
            &[][..],
            &[0x30],
            &[0x31, 6, 2, 1, 1, 2, 1, 1],
            &[0x30, 7, 2, 1, 1, 2, 1, 1],
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1],
            &[0x30, 6, 2, 1, 1, 2, 1, 1, 0],
            &[0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1],
            &[0x30, 3, 2, 1, 1],
            &[0x30, 6, 2, 1, 0x80, 2, 1, 1],
            &[0x30, 6, 2, 1, 0, 2, 1, 1],
            &[0x30, 5, 2, 0, 2, 1, 1],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 1],
            &[0x30, 6, 3, 1, 1, 2, 1, 1],
        ] {
            assert_eq!(to_jose(bad), None, "{bad:?}");
        }
        let mut long = vec![0x30, 38, 2, 33, 1];
        long.extend([0; 32]);
        long.extend([2, 1, 1]);
        assert_eq!(to_jose(&long), None, "33 bytes");
    }

    #[test]
    fn the_point_of_a_public_key_is_extracted() {
        let key = key(&ECDSA_P256_SHA256_ASN1_SIGNING);
        let der: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
        let (x, y) = point(der.as_ref()).unwrap();
        assert_eq!(key.public_key().as_ref(), [&[4][..], x, y].concat());
    }

    #[test]
    fn other_public_keys_are_refused() {
        let p256 = key(&ECDSA_P256_SHA256_ASN1_SIGNING);
        let p256_der: PublicKeyX509Der<'_> = p256.public_key().as_der().unwrap();
        let good = p256_der.as_ref();
        assert_eq!(point(&good[..90]), None);
        assert_eq!(point(&[good, &[0]].concat()), None);
        for at in 0..PUBLIC_KEY_PREFIX.len() {
            let mut other = good.to_vec();
            other[at] ^= 1;
            assert_eq!(point(&other), None, "byte {at}");
        }
        let p384 = key(&ECDSA_P384_SHA384_ASN1_SIGNING);
        let p384_der: PublicKeyX509Der<'_> = p384.public_key().as_der().unwrap();
        assert_eq!(point(p384_der.as_ref()), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(der in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = (to_jose(&der), point(&der));
        }

        #[test]
        fn one_changed_length_or_tag_is_noticed(change in 1..=255_u8, at in 0..3_usize) {
            let mut der = signature(&key(&ECDSA_P256_SHA256_ASN1_SIGNING), b"message");
            der[at] ^= change;
            prop_assert_eq!(to_jose(&der), None);
        }
    }
}
