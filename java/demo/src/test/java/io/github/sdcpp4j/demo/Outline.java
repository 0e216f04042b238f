package io.github.sdcpp4j.demo;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Locale;

/** The shapes that the demo model knows, each filling the unit square. */
enum Outline {
    CIRCLE(new Ellipse2D.Double(0, 0, 1, 1)),
    SQUARE(new Rectangle2D.Double(0, 0, 1, 1)),
    TRIANGLE(polygon(3, 1)),
    STAR(polygon(5, 0.42)),
    CROSS(cross());

    private final Shape shape;

    Outline(Shape shape) {
        this.shape = shape;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Shape shape() {
        return shape;
    }

    boolean covers(double x, double y) {
        return shape.contains(x, y);
    }

    /** Corners, the first at the top; between two of them a notch at {@code notch} of the radius, none for 1. */
    private static Shape polygon(int corners, double notch) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < 2 * corners; i++) {
            if (i % 2 == 1 && notch == 1) {
                continue;
            }
            double angle = Math.PI * i / corners;
            double radius = i % 2 == 0 ? 1 : notch;
            double x = radius * Math.sin(angle);
            double y = -radius * Math.cos(angle);
            if (i == 0) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        path.closePath();
        Rectangle2D bounds = path.getBounds2D();
        AffineTransform fit = AffineTransform.getScaleInstance(1 / bounds.getWidth(), 1 / bounds.getHeight());
        fit.translate(-bounds.getX(), -bounds.getY());
        return fit.createTransformedShape(path);
    }

    private static Shape cross() {
        Area area = new Area(new Rectangle2D.Double(0, 1 / 3.0, 1, 1 / 3.0));
        area.add(new Area(new Rectangle2D.Double(1 / 3.0, 0, 1 / 3.0, 1)));
        return area;
    }
}
