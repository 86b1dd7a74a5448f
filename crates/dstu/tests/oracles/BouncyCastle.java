// Answers, line by line, what Bouncy Castle thinks of DSTU 4145 signatures, GOST 34.311 and Kupyna digests.
//
//   verify m k1 k2 k3 a b n gx gy qx qy digest r s  ->  true | false
//   sign   m k1 k2 k3 a b n gx gy d seed digest     ->  r s
//   gost   dke message                              ->  digest
//   kupyna bits message                             ->  digest
//
// Numbers are big-endian hex, octet strings plain hex, an empty one is "-"; k2 = k3 = 0 for trinomials.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Random;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.DSTU7564Digest;
import org.bouncycastle.crypto.digests.GOST3411Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.DSTU4145Signer;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.util.encoders.Hex;

public class BouncyCastle {
    /** Random octets that come again with their seed. */
    static class Seeded extends SecureRandom {
        private final Random random;

        Seeded(long seed) {
            random = new Random(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(answer(line.split(" ")));
        }
    }

    static String answer(String[] word) {
        switch (word[0]) {
            case "verify": {
                ECDomainParameters domain = domain(word);
                DSTU4145Signer signer = new DSTU4145Signer();
                signer.init(false, new ECPublicKeyParameters(
                    domain.getCurve().createPoint(number(word[10]), number(word[11])), domain));
                return String.valueOf(signer.verifySignature(octets(word[12]), number(word[13]), number(word[14])));
            }
            case "sign": {
                DSTU4145Signer signer = new DSTU4145Signer();
                signer.init(true, new ParametersWithRandom(
                    new ECPrivateKeyParameters(number(word[10]), domain(word)), new Seeded(Long.parseLong(word[11]))));
                BigInteger[] pair = signer.generateSignature(octets(word[12]));
                return pair[0].toString(16) + " " + pair[1].toString(16);
            }
            case "gost":
                return digest(new GOST3411Digest(nibbles(octets(word[1]))), octets(word[2]));
            case "kupyna":
                return digest(new DSTU7564Digest(Integer.parseInt(word[1])), octets(word[2]));
            default:
                throw new IllegalArgumentException(word[0]);
        }
    }

    static ECDomainParameters domain(String[] word) {
        int[] k = {Integer.parseInt(word[2]), Integer.parseInt(word[3]), Integer.parseInt(word[4])};
        BigInteger n = number(word[7]);
        ECCurve curve = new ECCurve.F2m(
            Integer.parseInt(word[1]), k[0], k[1], k[2], number(word[5]), number(word[6]));
        return new ECDomainParameters(curve, curve.createPoint(number(word[8]), number(word[9])), n);
    }

    static String digest(Digest digest, byte[] message) {
        digest.update(message, 0, message.length);
        byte[] result = new byte[digest.getDigestSize()];
        digest.doFinal(result, 0);
        return Hex.toHexString(result);
    }

    static byte[] nibbles(byte[] packed) {
        byte[] result = new byte[2 * packed.length];
        for (int i = 0; i < packed.length; i++) {
            result[2 * i] = (byte) (packed[i] >> 4 & 15);
            result[2 * i + 1] = (byte) (packed[i] & 15);
        }
        return result;
    }

    static BigInteger number(String hex) {
        return new BigInteger(hex, 16);
    }

    static byte[] octets(String hex) {
        return hex.equals("-") ? new byte[0] : Hex.decode(hex);
    }
}
