package io.pgqrs.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import io.pgqrs.benchmarks.Names;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Draws charts as SVG. */
final class ChartPainter {

	private static final int WIDTH = 960;

	private static final int HEIGHT = 420;

	/**
	 * Colours of Okabe and Ito, which most colour-blind people can tell apart: one for
	 * each contender, the same in all charts. No AWT before {@link #create()}.
	 */
	private static final List<Integer> COLORS = List.of(0x0072B2, 0xE69F00, 0xE6B84D, 0x009E73, 0xCC79A7, 0x555555,
			0xD55E00, 0x56B4E9);

	private static final int GRID = 0xE4E4E4;

	private static final Pattern LONG_FRACTION = Pattern.compile("(\\d\\.\\d)\\d+");

	private static final Pattern CLIP = Pattern.compile("\\bclip-?\\d+");

	private ChartPainter() {
	}

	/**
	 * Creates a painter.
	 * @throws Unavailable if this machine cannot draw
	 */
	static ChartPainter create() throws Unavailable {
		try {
			new TextLayout("x", font(Font.PLAIN, 12), new FontRenderContext(null, true, true)).getBounds();
			return new ChartPainter();
		}
		// What is missing shows itself as almost anything, depending on the Java.
		catch (RuntimeException | LinkageError | InternalError ex) {
			throw new Unavailable(ex);
		}
	}

	/**
	 * Draws a chart.
	 * @return the SVG; the same chart gives the same on one machine
	 */
	String svg(Chart chart) throws IOException {
		ByteArrayOutputStream svg = new ByteArrayOutputStream();
		VectorGraphicsEncoder.saveVectorGraphic(draw(chart), svg, VectorGraphicsFormat.SVG);
		return tidy(svg.toString(StandardCharsets.UTF_8));
	}

	private static CategoryChart draw(Chart chart) {
		CategoryChart drawing = new CategoryChartBuilder().width(WIDTH)
			.height(HEIGHT)
			.title(chart.title())
			.xAxisTitle(chart.axes().x())
			.yAxisTitle(chart.axes().y())
			.build();
		CategoryStyler style = drawing.getStyler();
		style.setDefaultSeriesRenderStyle(
				(chart.form() == Chart.Form.LINES) ? CategorySeriesRenderStyle.Line : CategorySeriesRenderStyle.Bar);
		style.setSeriesColors(colors(chart));
		style.setYAxisLabelAlignment(TextAlignment.Right);
		style.setLocale(Locale.ROOT);
		style.setYAxisDecimalPattern("#,##0.###");
		style.setAvailableSpaceFill(0.8);
		style.setChartBackgroundColor(Color.WHITE);
		style.setPlotBorderVisible(false);
		style.setPlotGridVerticalLinesVisible(false);
		// A dashed line would become a path with each of its dashes.
		style.setPlotGridLinesStroke(new BasicStroke(1));
		style.setPlotGridLinesColor(new Color(GRID));
		style.setLegendPosition(LegendPosition.OutsideE);
		style.setLegendBorderColor(Color.WHITE);
		style.setChartTitleFont(font(Font.BOLD, 14));
		style.setAxisTitleFont(font(Font.PLAIN, 12));
		style.setAxisTickLabelsFont(font(Font.PLAIN, 11));
		style.setLegendFont(font(Font.PLAIN, 11));
		style.setXAxisTitleVisible(!chart.axes().x().isEmpty());
		if (chart.form() == Chart.Form.LINES) {
			logarithmic(chart, style);
		}
		else {
			style.setYAxisMin(0.0);
		}
		chart.series()
			.forEach((name, values) -> drawing.addSeries(name, chart.categories(), values)
				.setLineStyle(new BasicStroke(2)));
		return drawing;
	}

	private static void logarithmic(Chart chart, CategoryStyler style) {
		style.setYAxisLogarithmic(true);
		style.setYAxisLogarithmicDecadeOnly(true);
		style.setOverlapped(true);
		double[] values = chart.series()
			.values()
			.stream()
			.flatMap(List::stream)
			.filter(Objects::nonNull)
			.mapToDouble(Double::doubleValue)
			.sorted()
			.toArray();
		style.setYAxisMin(Math.pow(10, Math.floor(Math.log10(values[0]))));
		style.setYAxisMax(Math.pow(10, Math.ceil(Math.log10(values[values.length - 1]))));
	}

	// Half the size, and nothing in it that depends on hash codes.
	private static String tidy(String svg) {
		List<String> clips = new ArrayList<>();
		String named = CLIP.matcher(svg).replaceAll((clip) -> {
			if (!clips.contains(clip.group())) {
				clips.add(clip.group());
			}
			return "clip" + clips.indexOf(clip.group());
		});
		return LONG_FRACTION.matcher(named).replaceAll("$1").replace("\r\n", "\n");
	}

	private static Font font(int style, int size) {
		return new Font(Font.SANS_SERIF, style, size);
	}

	// Several series of one contender: the first in its colour, the next paler.
	private static Color[] colors(Chart chart) {
		Map<Integer, Integer> series = new HashMap<>();
		return chart.series().keySet().stream().map((name) -> {
			int contender = Words.rank(name, Names.CONTENDERS);
			int before = series.merge(contender, 1, Integer::sum) - 1;
			return paler(new Color(COLORS.get(contender)), 1 - Math.pow(0.62, before));
		}).toArray(Color[]::new);
	}

	private static Color paler(Color color, double by) {
		return new Color(paler(color.getRed(), by), paler(color.getGreen(), by), paler(color.getBlue(), by));
	}

	private static int paler(int part, double by) {
		return (int) Math.round(part + (255 - part) * by);
	}

	/** This machine cannot draw: it has no fonts, or its Java has no AWT. */
	static final class Unavailable extends Exception {

		private static final long serialVersionUID = 1L;

		Unavailable(Throwable cause) {
			super(cause.toString(), cause);
		}

	}

}
