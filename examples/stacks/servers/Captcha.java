// The documented answer from the JDK's own HTTP server. The pictures are made as kaptcha makes
// them: Java2D draws, the water and ripple filters of JHLabs bend, ImageIO writes a JPEG.

import com.jhlabs.image.RippleFilter;
import com.jhlabs.image.WaterFilter;
import com.sun.net.httpserver.HttpServer;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import javax.imageio.ImageIO;

public class Captcha {
    static final String FAULT = System.getenv().getOrDefault("FAULT", "");

    static byte[] picture() throws Exception {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        BufferedImage image = new BufferedImage(125, 45, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, 125, 45);
        pen.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 34));
        for (int place = 0; place < 4; place++) {
            pen.setColor(Color.getHSBColor(random.nextFloat(), 0.7f, 0.7f));
            pen.drawString(Integer.toString(random.nextInt(36), 36).toUpperCase(), 18 + 22 * place, 36);
        }
        pen.dispose();
        WaterFilter water = new WaterFilter();
        water.setAmplitude(1.5f);
        water.setWavelength(2);
        BufferedImage wet = new BufferedImage(125, 45, BufferedImage.TYPE_INT_ARGB);
        wet.getGraphics().drawImage(image, 0, 0, null);
        RippleFilter ripple = new RippleFilter();
        ripple.setXAmplitude(2.6f);
        ripple.setYAmplitude(1.7f);
        ripple.setXWavelength(15);
        ripple.setYWavelength(5);
        BufferedImage bent = ripple.filter(water.filter(wet, null), null);
        image.getGraphics().drawImage(bent, 0, 0, Color.WHITE, null);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", written);
        byte[] jpeg = written.toByteArray();
        return FAULT.equals("picture-cut-off") ? Arrays.copyOf(jpeg, jpeg.length / 2) : jpeg;
    }

    static String answer() throws Exception {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String number = String.format("%06X", random.nextInt(1 << 24));
        String row = FAULT.equals("number-an-integer")
            ? ",\"img_code_id\":" + random.nextInt(1000000)
            : ",\"img_code_id\":\"" + number + "\"";
        if (FAULT.equals("row-missing")) row = "";
        String img = Base64.getEncoder().encodeToString(picture());
        return "{\"request_id\":\"" + UUID.randomUUID() + "\",\"code\":\"000\",\"msg\":\"成功\","
            + "\"data\":{\"img\":\"data:image/jpg;base64," + img + "\"" + row + "}}";
    }

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(System.getenv("PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/oauth/api/account/getImgCode", exchange -> {
            try {
                byte[] body = answer().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json;charset=UTF-8");
                exchange.sendResponseHeaders(200, 0); // in chunks
                exchange.getResponseBody().write(body);
            } catch (Exception error) {
                error.printStackTrace();
            } finally {
                exchange.close();
            }
        });
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }
}
